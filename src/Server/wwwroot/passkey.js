// Passkeys (WebAuthn): asks the server for options, the browser for the credential, and posts the form with it.
(function () {
  "use strict";
  document.querySelectorAll("form[data-passkey]").forEach(form => form.addEventListener("submit", async event => {
    if (form.elements.credential.value) { return; }
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-Form-Token": form.elements.__RequestVerificationToken.value } });
      if (!answer.ok) { throw new Error(String(answer.status)); }
      const options = await answer.json();
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  }));
})();
