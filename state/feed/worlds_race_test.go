//go:build race

package feed_test

const worlds = 12
