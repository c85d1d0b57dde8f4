# Stand-in for the postgis image: Debian's PostgreSQL 15 and PostGIS 3.3, started with the same variables.
FROM geoioc-check/bookworm
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-15-postgis-3 \
    && rm -rf /var/lib/apt/lists/* && install -d -o postgres -g postgres "$PGDATA"
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
COPY postgis-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
USER postgres
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
