// Nothing here may name another host: the page works without the internet.
// oxlint-disable-next-line typescript/no-unsafe-call -- swagger-ui-bundle.js leaves this behind, without types
globalThis.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // Its badge would ask a service on the internet.
  validatorUrl: null,
});
