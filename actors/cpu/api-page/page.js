// The script of /docs, in the browser: asks for the document with the key that was pasted and shows it. The key is in
// memory only: never in an address, a cookie or a storage of the browser.
(() => {
  // `/p/<ref>/docs` → `/p/<ref>`; the page of the project `main` is at `/docs`.
  const base = new URL('.', window.location.href).href.replace(/\/$/, '');
  const key = document.getElementById('key');
  const problem = document.getElementById('problem');

  document.getElementById('open').addEventListener('submit', (event) => {
    event.preventDefault();
    show(key.value.trim()).catch((error) => tell(String(error.message ?? error)));
  });

  async function show(secret) {
    problem.hidden = true;
    const answer = await fetch(`${base}/api/openapi.json`, {
      headers: { 'X-API-Key': secret },
      credentials: 'omit',
      cache: 'no-store',
    });
    const spec = await answer.json();
    if (!answer.ok) return tell([spec.title, spec.detail, spec.fix].filter(Boolean).join('\n'));
    key.value = '';
    // The document names its server relative to itself; shown here it has no address of its own.
    spec.servers = [{ url: base }];
    document.title = spec.info.title;
    const ui = window.SwaggerUIBundle({
      spec,
      dom_id: '#api',
      validatorUrl: null,
      queryConfigEnabled: false,
      persistAuthorization: false,
      deepLinking: false,
      docExpansion: 'none',
      defaultModelsExpandDepth: 0,
      filter: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      onComplete: () => ui.preauthorizeApiKey('apiKey', secret),
    });
  }

  function tell(text) {
    problem.textContent = text;
    problem.hidden = false;
  }
})();
