# make            the binary
# make test       everything that the tests need, then every test, under the race detector
# make lint       formatting, vet, staticcheck, and builds for the other systems

.PHONY: qmpsh test deps lint
qmpsh:
	CGO_ENABLED=0 go build -trimpath -o qmpsh ./cmd/qmpsh

test: deps
	go test -race -timeout 30m ./...

deps:
	@./internal/testdeps.sh

lint:
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	GOOS=windows go vet ./cmd/qmpsh
	GOOS=darwin go vet ./cmd/qmpsh
