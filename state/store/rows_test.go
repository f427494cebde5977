//go:build !race

package store_test

// naiveRows seal one segment and leave one open.
const naiveRows = 8192 + 700
