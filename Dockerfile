# syntax=docker/dockerfile:1
# The daemon in a container: no root, no shell needed, nothing to write but /data.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Dependencies first: they change less often than the code. `--without-pip` keeps pip out of the image.
COPY requirements/run.txt requirements/build.txt ./pins/
RUN python -m venv --without-pip /opt/monitor \
    && pip --python /opt/monitor/bin/python install --no-compile --no-deps --require-hashes -r pins/run.txt \
    && pip install --no-deps --require-hashes -r pins/build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY monitor monitor
COPY migrations migrations
COPY config config
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/monitor/bin/python install --no-compile --no-deps --no-index /wheels/*.whl \
    && /opt/monitor/bin/python -m compileall -q -j 0 /opt/monitor/lib \
    && mkdir /data

FROM python:3.12-slim
LABEL org.opencontainers.image.title="monitor" \
      org.opencontainers.image.description="Watches the news for the words you care about" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/monitor /opt/monitor
COPY --from=build --chown=65532:65532 /data /data
COPY config /etc/monitor
# SQLite writes temporary files even where nothing but /data can be written.
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    SQLITE_TMPDIR=/data \
    MONITOR_CONFIG=/etc/monitor \
    MONITOR_DATA_DIR=/data \
    MONITOR_DATABASE_URL=sqlite:////data/monitor.db
WORKDIR /data
VOLUME ["/data"]
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["monitor", "healthcheck"]
ENTRYPOINT ["monitor"]
CMD ["run"]
