# Stand-in for the official Python image: Debian bookworm with this machine's own Python 3.12 at /usr/local.
FROM geoioc-check/bookworm
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libbz2-1.0 libcrypt1 libexpat1 \
      libffi8 liblzma5 libncursesw6 libnsl2 libreadline8 libsqlite3-0 libssl3 libtirpc3 libuuid1 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY python/ /usr/local/
RUN ldconfig && python3 --version && python3 -m ensurepip
# The machine's own certificates: behind a proxy that re-signs traffic, downloads need them.
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
CMD ["python3"]
