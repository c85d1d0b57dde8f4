# One image for the server (`geoioc up`) and the job worker (`geoioc jobs work`); docker-compose.yml starts both.
FROM python:3.12-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN python3 -m pip install --no-cache-dir "uv>=0.7,<1"
WORKDIR /app
# The environment first: it changes less often than the code.
COPY pyproject.toml uv.lock ./
RUN python3 -m uv sync --locked --no-dev --no-install-project
COPY README.md LICENSE ./
COPY layers/ layers/
COPY spatial/ spatial/
COPY ingest/ ingest/
COPY pygeoapi_config/ pygeoapi_config/
COPY dash_app/ dash_app/
COPY data/recipes/ data/recipes/
RUN python3 -m uv sync --locked --no-dev

FROM python:3.12-slim-bookworm
# OpenMP for the forecasts, expat for GDAL, Pango and HarfBuzz for PDF reports, tini as first process: a Python that has not yet set its handlers would not
# hear SIGTERM as process 1, and Docker would wait the whole grace period and kill it.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libexpat1 libgomp1 libharfbuzz-subset0 libpangoft2-1.0-0 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data geoioc \
    && install -d -o geoioc -g geoioc /data
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 GEOIOC_DATA=/data GEOIOC_HOST=0.0.0.0
WORKDIR /app
USER geoioc
VOLUME /data
EXPOSE 8050
ENTRYPOINT ["tini", "--"]
CMD ["geoioc", "up", "--no-jobs"]
