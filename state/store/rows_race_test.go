//go:build race

package store_test

// naiveRows are few: SQLite is twenty times slower under the race detector, and this test looks for no races.
const naiveRows = 1000
