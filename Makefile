# make            the binary
# make test       everything that the tests need, then every test, under the race detector
# make test-fresh  what the README begins with, in a clone with nothing but Go: slow, and it needs the module proxy
# make pictures   the pictures of the documentation, from what a terminal shows
# make lint       formatting, vet, staticcheck, and builds for the other systems

.PHONY: qmpsh test test-fresh deps lint pictures
qmpsh:
	CGO_ENABLED=0 go build -trimpath -o qmpsh ./cmd/qmpsh

test: deps
	go test -race -timeout 30m ./...

test-fresh: deps
	go test -tags fresh -count=1 -timeout 40m -run '^TestFreshClone$$' -v ./cmd

deps:
	@./internal/testdeps.sh

pictures: qmpsh
	go run ./internal/pictures ./qmpsh docs/pictures

lint:
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	GOOS=windows go vet ./cmd/qmpsh
	GOOS=darwin go vet ./cmd/qmpsh
