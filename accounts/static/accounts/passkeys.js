// Passkeys. A form with data-passkey carries what the browser is asked; the answer goes into its field `credential`
// before it is sent. Binary parts travel as base64url.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

const ways = {
  make: (asked) => navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: keys(asked.excludeCredentials) } }),
  show: (asked) => navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials) } }),
};

const told = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: credential.getClientExtensionResults(), response });
};

const say = (form, what) => {
  for (const name of ["failed", "known", "none"]) form.querySelector(`[data-passkey-${name}]`).hidden = name !== what;
};

const answer = async (event) => {
  const form = event.currentTarget;
  event.preventDefault();
  if (!window.PublicKeyCredential) return say(form, "none");
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  try {
    form.elements.credential.value = told(await ways[form.dataset.passkey](JSON.parse(form.dataset.options)));
    form.submit();
  } catch (error) {
    say(form, error.name === "InvalidStateError" ? "known" : "failed");
    button.removeAttribute("aria-busy");
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) form.addEventListener("submit", answer);
