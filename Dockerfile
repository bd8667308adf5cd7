FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run -s build && npm pack --ignore-scripts --pack-destination /out

FROM node:24-slim
RUN --mount=from=build,source=/out,target=/out npm install --global --no-audit --no-fund --omit=dev /out/proofline-*.tgz && npm cache clean --force
RUN mkdir -p /data && chown node:node /data
USER node
WORKDIR /data
# proofline.yaml, the log and the keys live here; mount it, and back the keys up.
VOLUME ["/data"]
ENTRYPOINT ["proofline"]
CMD ["--help"]
