# make            the binary
# make test       everything that the tests need, then every test, under the race detector
# make fuzz       20,000 random inputs to everything that parses; FUZZ=10m gives each ten minutes
# make fuzz-prompt  five minutes of random keys, resizes and printed lines at the line editor
# make test-fresh  what the README begins with, in a clone with nothing but Go: slow, and it needs the module proxy
# make pictures   the pictures of the documentation, from what a terminal shows
# make lint       formatting, vet, staticcheck, and builds for the other systems

.PHONY: qmpsh test fuzz fuzz-prompt test-fresh deps lint pictures
qmpsh:
	CGO_ENABLED=0 go build -trimpath -o qmpsh ./cmd/qmpsh

test: deps
	QMPSH_FUZZ_PROMPT=20s go test -race -timeout 30m ./...

FUZZ = 20000x
fuzz:
	@grep -roE '^func Fuzz[A-Za-z]+' --include='*_test.go' . | while IFS=: read -r file target; do \
	  target=$${target#func }; echo "$$target in $$file"; \
	  go test "$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) || exit 1; \
	done

fuzz-prompt:
	QMPSH_FUZZ_PROMPT=5m go test -race -count=1 -timeout 20m -run '^TestRandomKeys$$' -v ./shell/editor

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
