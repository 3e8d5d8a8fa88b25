// What can be completed: people, whom the server lists in the order of how near they are (models/inbox/mentionable.py),
// rooms (models/inbox/room_names.py), commands (views/messages/command_list.py), and emoji. The lists are loaded when they are needed first, and are searched here.

const { completion } = parley;
const list = document.querySelector("#completion");
const SHOWN = 8;
const FRESH_MS = 30_000; // older lists are loaded again when another mention is begun
const EXACT = 0; // what is typed is a name; it begins a part of one; it is somewhere in one
const BEGINS = 1;
const INSIDE = 2;
const MANY = 2; // a group of entries: many people at once
const OUTSIDE = 3; // the last one
// As messaging/text/folding.py.
const LETTERS = new Map("ß=ss æ=ae œ=oe þ=th ς=σ ø=o đ=d ð=d ħ=h ı=i ł=l ŋ=n ŧ=t".split(" ").map((pair) => pair.split("=")));
const fold = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036F]/g, "")
    .replaceAll(/[^\0-\x7F]/g, (letter) => LETTERS.get(letter) ?? letter);

// One that can be chosen: `names` are folded, `option` is what is shown, `text` what is written.
function entryOf(option) {
  const { text, names, outside, many, last } = option.dataset;
  const words = ` ${names.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")}`;
  return { option, text, names: names.split("\n"), words, group: outside ? OUTSIDE : many === undefined ? Number(last !== undefined) : MANY };
}

function kindOf({ names, words }, typed) {
  if (names.includes(typed)) return EXACT;
  if (names.some((name) => name.startsWith(typed)) || words.includes(` ${typed}`)) return BEGINS;
  return names.some((name) => name.includes(typed)) ? INSIDE : null;
}

// Many people whose name begins so come before members in whose name it only is.
const placeOf = ({ group, kind }) => (kind === INSIDE && group < MANY ? MANY + 0.5 : group);

// At most SHOWN of the entries: members first, oneself after them, then many people at once, then others; in each group the
// best matches first.
function find(entries, typed) {
  const folded = fold(typed);
  const found = [];
  for (const entry of entries) {
    if (entry.group === MANY && !folded) continue; // only who means them gets them
    const kind = folded ? kindOf(entry, folded) : BEGINS;
    if (kind !== null) found.push({ ...entry, kind });
  }
  return found.sort((one, other) => placeOf(one) - placeOf(other) || one.kind - other.kind).slice(0, SHOWN);
}

// The people of a place to write in, and the rooms: the address -> the list, of which the server may have more.
const places = new Map();
document.addEventListener("leaving", () => places.clear());

async function fetchOptions(address) {
  const response = await fetch(address, { headers: parley.partHeaders() });
  if (!response.ok) throw new Error(response.status);
  const { content } = Object.assign(document.createElement("template"), { innerHTML: await response.text() });
  return { options: [...content.querySelectorAll("[role='option']")], about: content.querySelector("template")?.dataset };
}

async function fetchNames(address, query = "") {
  const { options, about } = await fetchOptions(address + query);
  const { hasMore, add } = about;
  for (const { dataset } of options) if (dataset.outside && add) dataset.add = add;
  return { entries: options.map(entryOf), hasMore: hasMore !== undefined };
}

async function loadPlace(place, done) {
  place.loadedAt = Date.now();
  try {
    Object.assign(place, await fetchNames(place.address));
    for (const known of [place.complete, place.asked]) known.clear();
    done();
  } catch {
    place.entries ??= [];
    place.loadedAt = -Infinity; // another mention tries again
  }
}

// Asks for others with such a name, unless all of them are here: one request at a time.
async function ask(place, typed, done) {
  place.asking = typed;
  try {
    const { entries, hasMore } = await fetchNames(place.address, `?q=${encodeURIComponent(typed)}`);
    const known = new Set(place.entries.map(({ text }) => text));
    place.entries.push(...entries.filter(({ text }) => !known.has(text)));
    if (!hasMore) place.complete.add(typed);
  } catch {
    place.complete.add(typed);
  }
  place.asked.add(typed);
  place.asking = null;
  done();
}

const addressOf = ({ form }, what = "mentionable") => form.getAttribute("action").replace(/(?:send|reply|edit)\/$/, `${what}/`);

// Somebody outside whose username this is, if the page has the list.
function outsiderCalled(field, name) {
  return places.get(addressOf(field))?.entries?.find(({ group, text }) => group === OUTSIDE && text === `@${name.toLowerCase()}`);
}

function names(address, { typed, isNew }, done) {
  const place = places.get(address) ?? { address, loadedAt: -Infinity, complete: new Set(), asked: new Set(), asking: null };
  places.set(address, place);
  if (isNew && Date.now() - place.loadedAt > FRESH_MS) loadPlace(place, done);
  if (!place.entries) return [];
  const found = find(place.entries, typed);
  const isKnown = place.asked.has(typed) || [...place.complete].some((begun) => typed.startsWith(begun));
  if (typed && place.hasMore && found.length < SHOWN && !isKnown && place.asking === null) ask(place, typed, done);
  return found;
}

const people = (field, token, done) => names(addressOf(field), token, done);
const commands = (field, token, done) => names(addressOf(field, "commands"), token, done);
const rooms = (field, token, done) => names(list.dataset.rooms, token, done);

// The custom emoji of the site, which are asked for as often as people, come before those of the table.
const emojis = [
  { address: list.dataset.customEmoji, freshMs: FRESH_MS, loadedAt: -Infinity },
  { address: list.dataset.emoji, freshMs: Number.MAX_VALUE, loadedAt: -Infinity },
];

async function loadEmojis(source, done) {
  source.loadedAt = Date.now();
  try {
    source.entries = (await fetchOptions(source.address)).options.map(entryOf);
    done();
  } catch {
    source.loadedAt = -Infinity; // the next letter tries again
  }
}

// Those of which a name begins so come before those of which another word does; in each, the common ones come first.
function emoji(field, { typed, isNew }, done) {
  for (const source of emojis) {
    const isOld = Date.now() - source.loadedAt > source.freshMs;
    if (isOld && (isNew || !source.entries)) loadEmojis(source, done);
  }
  const isFirst = ({ names }) => names.some((name) => name.startsWith(typed.toLowerCase()));
  const entries = emojis.flatMap((source) => source.entries ?? []);
  return find(entries.toSorted((one, other) => isFirst(other) - isFirst(one)), typed);
}

Object.assign(completion, { BEGINS, OUTSIDE, outsiderCalled, sources: { "@": people, "#": rooms, ":": emoji, "/": commands } });
