// Passkeys (WebAuthn). Without this file, or in a browser that knows no passkeys, the six digits do.
function bytesOf(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function textOf(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function keysOf(list) {
  return (list || []).map((key) => ({ ...key, id: bytesOf(key.id) }));
}

function readable(credential) {
  const response = {};
  ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach((part) => {
    if (credential.response[part]) response[part] = textOf(credential.response[part]);
  });
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response,
    clientExtensionResults: {},
  });
}

function say(part, what) {
  part.querySelectorAll('[data-said]').forEach((line) => { line.hidden = line.dataset.said !== what; });
}

// The challenge is fetched with the fields the server needs for it; its answer travels with the form itself.
async function prove(form, part) {
  const names = part.dataset.send.split(' ');
  const others = Array.from(form.elements).filter((field) => field.name !== 'code');
  if (!others.every((field) => field.reportValidity())) return;
  const body = new URLSearchParams(names.map((name) => [name, form.elements[name].value]));
  const answer = await fetch(part.dataset.passkey, { method: 'POST', body, redirect: 'manual' });
  const given = await answer.json();
  if (!answer.ok) {
    say(part, given.problem);
    return;
  }
  const { options } = given;
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytesOf(options.challenge), allowCredentials: keysOf(options.allowCredentials) },
  });
  form.elements.asked.value = given.asked;
  form.elements.passkey.value = readable(credential);
  form.submit();
}

async function make(form, part) {
  if (!form.reportValidity()) return;
  const options = JSON.parse(part.dataset.make);
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options, challenge: bytesOf(options.challenge), user: { ...options.user, id: bytesOf(options.user.id) },
      excludeCredentials: keysOf(options.excludeCredentials),
    },
  });
  form.elements.passkey.value = readable(credential);
  form.submit();
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('[data-passkey], [data-make]').forEach((part) => {
    const form = part.closest('form');
    const button = part.querySelector('button');
    part.hidden = false;
    if (part.dataset.make) form.addEventListener('submit', (event) => { event.preventDefault(); button.click(); });
    button.addEventListener('click', async () => {
      say(part, '');
      button.disabled = true;
      try {
        await (part.dataset.make ? make(form, part) : prove(form, part));
      } catch {
        say(part, 'failed');
      }
      button.disabled = false;
    });
  });
  document.querySelectorAll('[data-no-passkeys]').forEach((line) => { line.hidden = true; });
}
