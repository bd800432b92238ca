# One image for every door: the command says which. It holds production packages, the sources, which Node
# runs as they are, and the built web client. What only serves development (embedded/, test/, scripts/, …)
# is never copied.

FROM node:26-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY realtime/package.json realtime/
# Runs after every install.
COPY scripts/mend-postgres.mjs scripts/

FROM manifests AS packages
# Without optional ones: a peer that only TypeScript satisfies would come along.
RUN npm ci --omit=dev --omit=optional

FROM manifests AS web
RUN npm ci
COPY tsconfig.json ./
COPY realtime realtime
COPY web web
RUN npm run build:web

FROM node:26-bookworm-slim
# Nothing installs packages in here any more.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY realtime realtime
COPY core core
COPY migrations migrations
COPY worker worker
COPY dashboard dashboard
COPY api api
COPY ops.ts ./
COPY ops ops
COPY --from=web /app/web/dist web/dist
USER node
# Node itself and not npm, which would keep signals from it.
CMD ["node", "api/main.ts"]
