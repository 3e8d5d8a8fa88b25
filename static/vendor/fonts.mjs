// Makes the fonts in ../fonts/ from npm packages: of each only the letters of western European languages, the weights
// that the stylesheet uses, and the features that a browser applies by itself or the stylesheet asks for.
import { readFileSync } from "node:fs";
import fontverter from "fontverter";
import subset from "subset-font";

const between = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
// As "latin" in the packages. Everything else is shown in a font of the system.
const LETTERS = [
  ...between(0x20, 0x7e), ...between(0xa0, 0xff), ...between(0x2000, 0x206f), ..."ıŒœʻʼˆ˚˜€™↑↓−∕",
  ...[0x304, 0x308, 0x329, 0xfeff, 0xfffd].map((code) => String.fromCodePoint(code)),
].join("");
const FEATURES = ["calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"];
const COPYRIGHT = 0, LICENCE_TEXT = 13, LICENCE_ADDRESS = 14; // entries of a font's table of names

/**
 * A font as WOFF2.
 * @param source a WOFF2 file of which it is a part
 * @param weight one weight, or {min, max}
 * @param rename [from, to] of equal length: a reserved name that a modified font may not have (section 3 of the OFL)
 */
export async function font(source, weight, rename) {
  const options = { variationAxes: { wght: weight }, keepFeatures: FEATURES, preserveNameIds: [LICENCE_TEXT, LICENCE_ADDRESS] };
  const part = await subset(readFileSync(source), LETTERS, { ...options, targetFormat: "truetype" });
  if (rename) replaceName(part, ...rename);
  return fontverter.convert(part, "woff2");
}

/** Replaces a word in all names of a TrueType font but the copyright. */
function replaceName(bytes, from, to) {
  const tables = Array.from({ length: bytes.readUInt16BE(4) }, (_, at) => 12 + 16 * at);
  const names = bytes.readUInt32BE(tables.find((at) => bytes.toString("latin1", at, at + 4) === "name") + 8);
  const strings = names + bytes.readUInt16BE(names + 4);
  const utf16 = (text) => Buffer.from(text, "utf16le").swap16();
  for (let entry = 0; entry < bytes.readUInt16BE(names + 2); entry += 1) {
    const at = names + 6 + 12 * entry;
    if (bytes.readUInt16BE(at + 6) === COPYRIGHT) continue;
    const start = strings + bytes.readUInt16BE(at + 10);
    const found = bytes.subarray(start, start + bytes.readUInt16BE(at + 8)).indexOf(utf16(from));
    if (found >= 0) utf16(to).copy(bytes, start + found);
  }
}
