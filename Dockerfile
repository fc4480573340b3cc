# A static binary on an empty image, run as nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/mykpi ./cmd/mykpi && mkdir -m 700 /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/mykpi /mykpi
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV MYKPI_LISTEN=0.0.0.0:8080 MYKPI_DATA=/data MYKPI_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/mykpi"]
CMD ["serve"]
