// Loaded into Playwright's driver by conftest.py. While `expect` waits, each look at a page that is not yet as expected
// describes the whole page, in case that this will be the message of a failure. That is more work for the browser than
// what the tests do. Here a page is described every ten seconds, and not in its first ten.
const { readFileSync } = require("node:fs");
const Module = require("node:module");

const BEGIN = "ariaSnapshotForExpectFailure(element, options) {";
const RARELY = `${BEGIN} \
  const now = Date.now(); \
  if (now < (this.describeAt ??= now + 10_000)) return this.description; \
  this.describeAt = now + 10_000; \
  return this.description = this.describe(element, options); \
} \
describe(element, options) {`;

const load = Module._extensions[".js"];
Module._extensions[".js"] = (module, path) => {
  if (!path.endsWith("coreBundle.js")) return load(module, path);
  const parts = readFileSync(path, "utf8").split(BEGIN);
  if (parts.length !== 2) throw new Error(`${path} has changed: see whether ${__filename} is still needed.`);
  return module._compile(parts.join(RARELY), path);
};
