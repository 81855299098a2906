# One image for the controller, the speaker and the command line: Node, one bundle for each program, and no shell.
ARG NODE_IMAGE=docker.io/library/node:26-bookworm-slim@sha256:662933cf47f013bc8e4beb31a6116448427a82057ba7c42c97e4c5ba766504c2
ARG BASE_IMAGE=gcr.io/distroless/cc-debian13:nonroot@sha256:54df941ed0d06a1bd95ef5e0ce391fd8d9f94b64782dc9a60062727849ee3f97

FROM ${NODE_IMAGE} AS node
WORKDIR /build
COPY scripts/image ./scripts/image
RUN node scripts/image/node.js /out

FROM ${NODE_IMAGE} AS programs
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No package's script is run: koffi brings its binding, and the bundles are made below.
RUN npm ci --ignore-scripts
COPY LICENSE ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.js lanlord controller speaker speaker-wire plan && node scripts/image/programs.js /out

FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Lanlord" \
      org.opencontainers.image.description="Leases LAN addresses to Kubernetes Services and announces them from an elected node" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /lanlord
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "/lanlord/dist/lanlord.js"]
# Last, and apart: an upgrade fetches what changed with Lanlord and not what changes with Node.
COPY --from=node /out/usr /usr
COPY --from=programs /out/lanlord /lanlord
