// Passkeys: the browser makes one, or signs with one, and the form takes along what it says.
// Loaded by the few pages that have such a form; it is hidden where there are no passkeys.

const says = document.querySelector("[data-passkey-says]");
const texts = says.dataset; // by the names of the browser's errors, and two more

async function optionsOf(form) {
  const { passkeyOptions } = form.dataset;
  if (!passkeyOptions) return JSON.parse(document.querySelector("#passkey-options").textContent);
  const answer = await fetch(passkeyOptions, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(texts.NoAnswer);
  return answer.json();
}

async function made({ creation_options: { publicKey } }) {
  // One that is found without a username, and asks for finger, face or lock.
  const selection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...selection };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function signed({ request_options: { publicKey } }) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function say(text) {
  says.textContent = text;
  says.hidden = !text;
}

async function answer(form) {
  say("");
  try {
    const credential = await (form.dataset.passkey === "create" ? made : signed)(await optionsOf(form));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say(texts[error.name] ?? error.message);
  }
}

const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
  }
} else if (document.querySelector("#passkey-options")) {
  say(texts.NotSupported);
}
