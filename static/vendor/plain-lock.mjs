// Deletes the `funding` addresses from package-lock.json: our lock files contain packages, versions and hashes, but
// no host names. Run by `npm run relock`.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
