// Takes the sponsors' addresses out of package-lock.json: a lock file of ours names packages, versions and
// hashes, and no host. Run by `npm run relock`.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
