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

// The marks of marked.py: Playwright passes over them in texts, but not in attributes that must be equal (`exact=True`).
const EQUAL = "return (s) => s === value;";
const WITHOUT_MARKS = 'return (s) => s.replace(/[\\\\u200b\\\\u00ad]/g, "") === value;';

const load = Module._extensions[".js"];
Module._extensions[".js"] = (module, path) => {
  if (!path.endsWith("coreBundle.js")) return load(module, path);
  let code = readFileSync(path, "utf8");
  for (const [before, after] of [[BEGIN, RARELY], [EQUAL, WITHOUT_MARKS]]) {
    const parts = code.split(before);
    if (parts.length !== 2) throw new Error(`${path} has changed: see whether ${__filename} is still needed.`);
    code = parts.join(after);
  }
  return module._compile(code, path);
};
