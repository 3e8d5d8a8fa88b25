// Passkeys: the browser creates one, or signs with one, and the form sends the result. Loaded by the few pages
// with such a form, which stays hidden in browsers without passkeys.

const message = document.querySelector("[data-passkey-says]");
const texts = message.dataset; // the error messages, by the name of the error: the browser's, and two of our own

async function optionsOf(form) {
  const { passkeyOptions } = form.dataset;
  if (!passkeyOptions) return JSON.parse(document.querySelector("#passkey-options").textContent);
  const response = await fetch(passkeyOptions, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(texts.NoAnswer);
  return response.json();
}

async function create({ creation_options: { publicKey } }) {
  // A passkey that works without a user name, and verifies the person by finger, face or PIN.
  const selection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...selection };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function sign({ request_options: { publicKey } }) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function show(text) {
  message.textContent = text;
  message.hidden = !text;
}

async function submit(form) {
  show("");
  try {
    const credential = await (form.dataset.passkey === "create" ? create : sign)(await optionsOf(form));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    show(texts[error.name] ?? error.message);
  }
}

const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form);
    });
  }
} else if (document.querySelector("#passkey-options")) {
  show(texts.NotSupported);
}
