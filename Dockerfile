# syntax=docker/dockerfile:1

# Everything is built on this. Pin it by digest, so that the same build gives the same image:
#   docker build --build-arg NODE_IMAGE=node:24.21.0-slim@sha256:<digest> .
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json .rolldown.config.mjs README.md LICENSE CHANGELOG.md SECURITY.md ./
COPY config ./config
COPY checks ./checks
COPY collectors ./collectors
COPY src ./src
RUN mkdir /package && npm pack --pack-destination /package && tar -xzf /package/proofline-*.tgz -C /package && chmod 755 /package/package/dist/src/cli/main.js

# What it depends on at run time, as the lock file has it, and nothing of what only building needs.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=build /package/package /opt/proofline
COPY --from=dependencies /dependencies/node_modules /opt/proofline/node_modules
RUN ln -s /opt/proofline/dist/src/cli/main.js /usr/local/bin/proofline && mkdir -m 700 /data /witness && chown 1000:1000 /data /witness
# By number, so that whoever runs it can see that it is not root.
USER 1000:1000
WORKDIR /data
# The log. The keys lie elsewhere and need only be read; /witness remembers how far the log was signed (store.witness).
VOLUME ["/data", "/witness"]
# Of `proofline serve` and `proofline worker`, whose loop must turn; nothing else is waited for.
HEALTHCHECK --interval=30s --timeout=10s --start-period=3m --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["proofline"]
CMD ["--help"]
