# Seize in a container: installed in one image and copied to another, without compiler, checkout or root.
#
#   docker build --tag seize .                                     with training: --build-arg EXTRAS=[train]
#   docker run --publish 127.0.0.1:8501:8501 --volume seize:/data seize
#
# Corpora, runs and jobs are in /data; deploy/compose.yaml puts nginx in front. Both stages begin with one release of
# Python on one release of Debian; `--build-arg BASE=python@sha256:…` takes an image by its content.
ARG BASE=python:3.12.11-slim-bookworm
FROM $BASE AS build
ARG EXTRAS=
WORKDIR /seize
COPY . .
# What builds and what is installed: the versions that the tests ran with, each file checked by its hash.
RUN sed -n -E '/^(setuptools|uv)==/,/[^\\]$/p' requirements.lock > tools.lock \
    && pip install --no-cache-dir --require-hashes --requirement tools.lock \
    && pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . \
    && echo "seize$EXTRAS @ file://$(echo "$PWD"/wheels/*.whl) --hash=sha256:$(sha256sum wheels/*.whl | cut -d ' ' -f 1)" > seize.txt \
    && python -m venv --without-pip /opt/seize \
    && uv pip install --no-cache --python /opt/seize/bin/python --compile-bytecode --require-hashes \
        --constraint requirements.lock --requirement seize.txt \
    # 89 MB that nothing here reads: tests of pandas, and what Streamlit's pydeck brings for Jupyter, twice
    && rm -r /opt/seize/lib/python3*/site-packages/pandas/tests \
        /opt/seize/lib/python3*/site-packages/pydeck/nbextension/static /opt/seize/share/jupyter

FROM $BASE
COPY --from=build /opt/seize /opt/seize
RUN useradd --uid 1000 --create-home seize && install --directory --owner seize /data
ENV PATH=/opt/seize/bin:$PATH SEIZE_HOME=/data PYTHONUNBUFFERED=1
USER seize
WORKDIR /data
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["seize", "serve", "--no-browser", "--address", "0.0.0.0"]
