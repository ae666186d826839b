# Seize in a container: the wheel is built in one image and installed in another, without compiler, checkout or root.
#
#   docker build --tag seize .                                     with training: --build-arg EXTRAS=[train]
#   docker run --publish 127.0.0.1:8501:8501 --volume seize:/data seize
#
# Corpora, runs and jobs are in /data; deploy/compose.yaml puts nginx in front.
FROM python:3.12-slim AS build
WORKDIR /seize
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    # the versions that the tests ran with
    && sed -n '/^[a-z0-9]/s/ *\\$//p' requirements.lock > /wheels/constraints.txt

FROM python:3.12-slim
ARG EXTRAS=
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --constraint /wheels/constraints.txt "$(echo /wheels/seize-*.whl)$EXTRAS" \
    # 89 MB that nothing here reads: tests of pandas, and what Streamlit's pydeck brings for Jupyter, twice
    && rm -r /usr/local/lib/python3.12/site-packages/pandas/tests /usr/local/lib/python3.12/site-packages/pydeck/nbextension/static \
        /usr/local/share/jupyter \
    && useradd --uid 1000 --create-home seize \
    && install --directory --owner seize /data
ENV SEIZE_HOME=/data PYTHONUNBUFFERED=1
USER seize
WORKDIR /data
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["seize", "serve", "--no-browser", "--address", "0.0.0.0"]
