# What an agent works in, and what it builds is evaluated in: `sandbox: {uses: docker, image: …}` in
# factory.yml. The factory gives each cell its own user, limits and walls, whatever stands here.
#
#     docker build --file docker/agent.Dockerfile --tag agent docker
#
# MORE_PACKAGES adds to it ("nodejs npm"); PACKAGES= takes everything from BASE, without a network.
ARG BASE=debian:trixie-slim
FROM ${BASE}
ARG PACKAGES="build-essential ca-certificates git python3 python3-dev python3-pip python3-venv"
ARG MORE_PACKAGES=""
RUN set -eu; \
    if [ -n "$PACKAGES$MORE_PACKAGES" ]; then \
      apt-get update -qq; \
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $PACKAGES $MORE_PACKAGES; \
      rm -rf /var/lib/apt/lists/*; \
    fi; \
    for needed in python3 sh env git; do command -v "$needed"; done; \
    mkdir -p /home/agent /workspace; \
    echo 'agent:x:10001:10001::/home/agent:/bin/sh' >> /etc/passwd; \
    chown 10001:10001 /home/agent /workspace
ARG VERSION=""
ARG REVISION=""
LABEL org.opencontainers.image.title="Dark Factory: agent" \
      org.opencontainers.image.description="What an agent works in: Python, git and build tools." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
ENV HOME=/home/agent LANG=C.UTF-8
WORKDIR /workspace
CMD ["sh"]
