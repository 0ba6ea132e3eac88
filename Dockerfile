# One image for all services; the command chooses (docker-compose.yml, k8s/).
# Debian slim, not Alpine: sodium-native has no build for musl.
ARG NODE_VERSION=20
FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY apps apps
COPY libs libs
COPY bench bench
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/dist dist
# The state directory is a volume; it must belong to the user that the services run as.
RUN mkdir /state && chown node:node /state
USER node
VOLUME /state
CMD ["node", "dist/apps/relay/src/main.js"]
