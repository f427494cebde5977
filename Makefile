# Everything a person or a machine does with this tree. `make check` is what must pass; .ci/run runs it too.
# Only Go is needed, and a C compiler for the race detector. Tools are pinned here and built from source by `go run`.

GO       ?= go
GOLANGCI := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULN     := $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

# The product has no C in it. Only the race detector asks for some.
export CGO_ENABLED := 0

# What is released; .goreleaser.yaml names the same six, and a test compares the two.
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.DEFAULT_GOAL := help
.PHONY: help build run demo test race lint fmt bench golden gen picture vuln check tidy vet fresh cross

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  %-10s %s\n", $$1, $$2}'

build: ## build ./claimdeck
	$(GO) build -trimpath -o claimdeck .

run: ## open the console on your profile
	$(GO) run .

demo: ## open the console on the embedded sandbox: nothing to configure, nothing left behind
	$(GO) run . demo

test: ## run the tests
	$(GO) test ./...

race: ## run the tests in random order under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...

lint: ## lint and check the formatting
	$(GOLANGCI) run ./...

fmt: ## format: gofumpt, and imports in groups
	$(GOLANGCI) fmt ./...

bench: ## run the benchmarks (make bench BENCH=Cursor for some)
	$(GO) test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -timeout 30m ./...

golden: ## rewrite the golden screens; read the diff before you commit it
	$(GO) test -count=1 $$($(GO) list -f '$(USES_GOLDEN)' ./... | sort -u) -update
	@git --no-pager diff --stat -- '*.golden'

gen: ## rewrite the generated files
	$(GO) generate ./...

picture: ## make the pictures of the README from the real program
	$(GO) run ./docs/picture -o docs/screen.svg
	$(GO) run ./docs/picture -light -o docs/screen-light.svg

vuln: ## look for known vulnerabilities (needs the vulnerability database on the network)
	$(VULN) ./...

check: tidy vet lint race fresh cross ## all that must pass before a change goes in

# go.mod and go.sum say what the code needs, no more and no less.
tidy:
	$(GO) mod tidy -diff
	$(GO) mod verify

vet:
	$(GO) vet ./...
	$(GO) vet -tags claimdecktest ./...

# Generated files are what the generators write. Compared by content, so that it works without git and with edits.
fresh:
	@sums() { find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 cksum; }; \
	before=$$(sums); $(GO) generate ./... || exit 1; after=$$(sums); \
	if [ "$$before" != "$$after" ]; then \
		echo "Generated files were stale. They are rewritten now: read and commit them."; \
		printf '%s\n%s\n' "$$before" "$$after" | sort | uniq -u | cut -d' ' -f3- | sort -u; exit 1; \
	fi

# The six builds of a release, linked as a release links them. (Without -trimpath, which would only compile everything
# once more.)
cross:
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && for p in $(PLATFORMS); do \
		echo "build $$p"; GOOS=$${p%/*} GOARCH=$${p#*/} \
			$(GO) build -buildvcs=false -ldflags '-s -w' -o "$$out/claimdeck" . || exit 1; \
	done

# Packages whose tests compare golden screens.
define USES_GOLDEN
{{$$p := .ImportPath}}{{range .TestImports}}{{if eq . "claimdeck/tui/tuitest"}}{{$$p}}{{"\n"}}{{end}}{{end}}{{range .XTestImports}}{{if eq . "claimdeck/tui/tuitest"}}{{$$p}}{{"\n"}}{{end}}{{end}}
endef
