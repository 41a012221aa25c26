# The service, for any container platform. Build: docker build -t championed .
# Give it DATABASE_URL; without one it keeps an embedded PostgreSQL under /data, which then wants a volume.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY pyproject.toml .
COPY alembic alembic
COPY openapi openapi
COPY api api
# The command that an installed package would bring, without a build tool in the image.
RUN printf '#!/usr/local/bin/python\nfrom api.cli import main\n\nmain()\n' > /usr/local/bin/championed \
    && chmod 755 /usr/local/bin/championed \
    && useradd --system --uid 10001 --create-home --home-dir /data service

USER service
WORKDIR /data
EXPOSE 8420
CMD ["championed", "serve", "--host", "0.0.0.0"]
