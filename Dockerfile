# One image for all services; the command chooses: relay, storage, swarm-manager, door, starling, health.
#
# What is delivered is Node, the libraries that Node loads, and our files: no shell, no package manager. Whatever runs
# during the build runs on the builder's own platform, so that an image for arm64 needs no emulation. Two builds of one
# commit give the same layers: packages come from the lock file, and every file gets the time SOURCE_DATE_EPOCH.
#
# Debian slim, not Alpine: sodium-native has no build for musl. With a digest behind it
# (node:20-bookworm-slim@sha256:...) the base is one particular image for good.
ARG NODE_IMAGE=node:20-bookworm-slim

# Of the platform that the image is for; nothing runs in it.
FROM ${NODE_IMAGE} AS node

FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS sources
WORKDIR /src
COPY package.json package-lock.json ./

FROM sources AS compiled
# Scripts of packages are not run here or below: nothing that we use needs one.
RUN --mount=type=cache,target=/npm-cache npm ci --cache /npm-cache --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY apps apps
COPY libs libs
RUN npm run build && rm -rf dist/.tsbuildinfo dist/libs/testing

FROM sources AS modules
RUN --mount=type=cache,target=/npm-cache npm ci --cache /npm-cache --omit=dev --ignore-scripts --no-audit --no-fund
ARG TARGETARCH
ARG SOURCE_DATE_EPOCH=0
COPY scripts/sbom.mjs scripts/
RUN npm run --silent sbom > sbom.cdx.json && \
    case ${TARGETARCH} in amd64) arch=x64 ;; *) arch=${TARGETARCH} ;; esac && \
    test -d node_modules/sodium-native/prebuilds/linux-${arch} && \
    find node_modules/sodium-native/prebuilds -mindepth 1 -maxdepth 1 ! -name linux-${arch} -exec rm -r {} + && \
    find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

# Passes signals on and collects processes that nobody waits for.
FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS init
ARG TARGETARCH
RUN dpkg --add-architecture ${TARGETARCH} && apt-get -qq update && cd /tmp && \
    apt-get -qq download tini:${TARGETARCH} && dpkg-deb --extract tini_*.deb /tini

FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS runtime
ARG TARGETARCH
ARG SOURCE_DATE_EPOCH=0
# Node and what it loads, from the system of the target.
RUN --mount=type=bind,from=node,target=/target \
    case ${TARGETARCH} in \
      amd64) system=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;; \
      arm64) system=aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;; \
      *) echo "there is no image for ${TARGETARCH}" >&2; exit 1 ;; \
    esac && \
    mkdir -p /node/usr/local/bin /node/usr/lib/${system} /node/$(dirname ${loader}) /node/etc && \
    cp /target/usr/local/bin/node /node/usr/local/bin/ && \
    for name in libc.so.6 libdl.so.2 libgcc_s.so.1 libm.so.6 libpthread.so.0 libstdc++.so.6; do \
      cp -L /target/usr/lib/${system}/${name} /node/usr/lib/${system}/ || exit 1; \
    done && \
    cp -L /target/usr/lib/${system}/$(basename ${loader}) /node/${loader} && \
    echo 'root:x:0:0:root:/:/none' > /node/etc/passwd && \
    echo 'node:x:1000:1000:node:/app:/none' >> /node/etc/passwd && \
    printf 'root:x:0:\nnode:x:1000:\n' > /node/etc/group && \
    echo 'hosts: files dns' > /node/etc/nsswitch.conf && \
    mkdir /node/tmp && chmod -R u=rwX,go=rX /node && chmod 1777 /node/tmp && \
    find /node -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS files
ARG SOURCE_DATE_EPOCH=0
# State and set-up belong to the user that the services run as; volumes begin with these owners.
RUN install -d -m 700 -o 1000 -g 1000 /own/state /own/setup/node /own/setup/administrator /own/setup/trust && \
    install -d -m 750 -o 1000 -g 1000 /own/setup/redis /own/setup/nats && \
    chmod 755 /own/setup
COPY docker/bin /app/docker/bin
COPY package.json LICENSE /app/
COPY --from=init /tini/usr/bin/tini-static /app/bin/tini
COPY --from=modules /src/sbom.cdx.json /app/
COPY --from=modules /src/node_modules /modules/app/node_modules
COPY --from=compiled /src/dist /app/dist
RUN mkdir /out && mv /app /out/ && \
    for command in relay storage swarm-manager door starling health; do \
      ln -s ../docker/bin/${command}.js /out/app/bin/${command} || exit 1; \
    done && \
    chmod -R u=rwX,go=rX /modules /out && \
    chmod 755 /out/app/docker/bin/*.js /out/app/bin/tini && \
    find /modules /out /own -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM scratch
LABEL org.opencontainers.image.title="Starling" \
      org.opencontainers.image.description="A node of a Session private-messenger network" \
      org.opencontainers.image.licenses="Apache-2.0"
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}
COPY --from=runtime /node/ /
COPY --from=files /own/ /
COPY --from=files /modules/ /
COPY --from=files /out/ /
ENV NODE_ENV=production \
    PATH=/app/bin:/usr/local/bin
WORKDIR /app
USER 1000:1000
VOLUME /state
# A busy machine takes seconds to start the program that asks.
HEALTHCHECK --interval=10s --timeout=20s --start-period=60s --retries=3 CMD ["health"]
ENTRYPOINT ["tini", "--"]
CMD ["starling", "--help"]
