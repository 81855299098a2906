# One image for the controller, the speaker and the command line: Node, one bundle for each program, and no shell.
ARG NODE_IMAGE=docker.io/library/node:26-bookworm-slim@sha256:662933cf47f013bc8e4beb31a6116448427a82057ba7c42c97e4c5ba766504c2
ARG BASE_IMAGE=gcr.io/distroless/cc-debian13:nonroot@sha256:54df941ed0d06a1bd95ef5e0ce391fd8d9f94b64782dc9a60062727849ee3f97

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The bundles are made below, from sources that are not there yet.
RUN npm ci --ignore-scripts
COPY LICENSE ./
COPY scripts/build.js scripts/image-root.js scripts/strip.js ./scripts/
COPY src/core ./src/core
COPY src/platform ./src/platform
COPY src/programs ./src/programs
RUN node scripts/build.js lanlord controller speaker speaker-wire
RUN node scripts/image-root.js /out

FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Lanlord" \
      org.opencontainers.image.description="Leases LAN addresses to Kubernetes Services and announces them from an elected node" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# What changes with Node, and what changes with Lanlord: an upgrade fetches the second alone.
COPY --from=build /out/usr /usr
COPY --from=build /out/lanlord /lanlord
ENV NODE_ENV=production
WORKDIR /lanlord
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "/lanlord/dist/lanlord.js"]
