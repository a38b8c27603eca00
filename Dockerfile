# One image for every process of the product; docker-compose.yml says which one runs what.
# Built from the same locks as `python3 run.py`.

# Files for browsers ----------------------------------------------------------------------------
FROM node:24-bookworm-slim AS browser
WORKDIR /src
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# Python packages -------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 VIRTUAL_ENV=/opt/utilcrm
COPY requirements/uv.txt requirements/app.txt /tmp/requirements/
RUN python -m venv "$VIRTUAL_ENV" \
 && "$VIRTUAL_ENV/bin/pip" install --quiet --require-hashes -r /tmp/requirements/uv.txt \
 && "$VIRTUAL_ENV/bin/uv" pip install --no-cache --compile-bytecode --require-hashes \
      -r /tmp/requirements/app.txt \
 && "$VIRTUAL_ENV/bin/pip" uninstall --quiet --yes uv

# The product -----------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig-config fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/utilcrm --shell /usr/sbin/nologin utilcrm
ENV PATH=/opt/utilcrm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=utilcrm.settings.production \
    UTILCRM_VAR=/var/lib/utilcrm
WORKDIR /srv/utilcrm
COPY --from=packages /opt/utilcrm /opt/utilcrm
COPY . .
COPY --from=browser /src/node_modules node_modules
# The secrets are needed to start Django, not to collect files; they do not stay in the image.
RUN python -c "from ops import assets; assets.copy_vendored()" \
 && rm -rf node_modules \
 && for po in locale/*/LC_MESSAGES/*.po; do \
      [ ! -e "$po" ] || pybabel --quiet compile -i "$po" -o "${po%.po}.mo"; \
    done \
 && mkdir -p /var/lib/utilcrm \
 && SECRET_KEY=none TELEPHONE_WEBHOOK_SECRET=none \
      python manage.py collectstatic --noinput --skip-checks -v0 \
 && python -m compileall -q . \
 && chown -R utilcrm: /var/lib/utilcrm
USER utilcrm
EXPOSE 8000
# Workers and beat have health checks of their own in docker-compose.yml.
CMD ["gunicorn", "utilcrm.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--keep-alive", "75", \
     "--workers", "4", "--threads", "8", "--preload", "--no-control-socket", \
     "--max-requests", "20000", "--max-requests-jitter", "2000"]
