// Passkeys (WebAuthn): asks the server for options, the browser for the credential, and posts the form with it.
(function () {
  "use strict";
  // What a person can do about it, by what the browser reports (WebAuthn level 3, 5.1.3 and 5.1.4).
  const reason = (fault, said) =>
    fault.name === "InvalidStateError" ? said.known
      : /TLS certificate/i.test(fault.message) ? said.untrusted
        : fault.name === "NotAllowedError" || fault.name === "AbortError" ? said.cancelled
          : fault.refusal || said.refused;
  const options = async form => {
    const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-Form-Token": form.elements.__RequestVerificationToken.value } });
    if (answer.ok) { return answer.json(); }
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(String(answer.status)), { refusal: problem.title && `${problem.title} ${problem.next || ""}` });
  };
  document.querySelectorAll("form[data-passkey]").forEach(form => form.addEventListener("submit", async event => {
    const failed = form.querySelector("[data-passkey-failed]");
    if (!failed || form.elements.credential.value) { return; }
    event.preventDefault();
    failed.hidden = true;
    try {
      const wanted = await options(form);
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted) });
      form.elements.credential.value = JSON.stringify(credential);
      form.requestSubmit();
    } catch (fault) {
      failed.textContent = reason(fault, failed.dataset);
      failed.hidden = false;
    }
  }));
})();
