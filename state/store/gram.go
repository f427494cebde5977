package store

import (
	"bytes"
	"unicode/utf8"
)

// maxGram is the longest piece of text the signatures know. Pieces of two to four bytes are indexed; a word of
// four bytes or more is looked up by its pieces of four, the rarest.
const maxGram = 4

// gram returns the bit of a piece of text.
func gram(piece []byte) int {
	h := uint32(len(piece)) * 0x9e3779b1 //nolint:gosec // two to four
	for _, b := range piece {
		h = (h ^ uint32(b)) * 0x01000193
		h ^= h >> 15
	}
	return int(h*0x85ebca6b>>8) % signatureBits
}

// typeGram returns the bit of an activity type; types share the bits with text.
func typeGram(kind int64) int {
	return int(uint32(kind)*0x9e3779b1>>7) % signatureBits //nolint:gosec // a hash
}

// wordGrams returns the bits that a block must have to hold word, at most eight of them; none for a word of one
// byte, which says too little.
func wordGrams(word string) []int {
	n := min(len(word), maxGram)
	if n < 2 {
		return nil
	}
	const most = 8
	count := len(word) - n + 1
	step := max(1, (count+most-1)/most)
	grams := make([]int, 0, most)
	for i := 0; i < count; i += step {
		grams = append(grams, gram([]byte(word[i:i+n])))
	}
	return grams
}

// searchText appends what words are searched in, in lower case: the claim number and the summary.
func searchText(dst, number, summary []byte) []byte {
	dst = appendLower(dst, number)
	dst = append(dst, ' ')
	return appendLower(dst, summary)
}

func appendLower(dst, s []byte) []byte {
	for i, b := range s {
		switch {
		case b >= utf8.RuneSelf:
			return append(dst, bytes.ToLower(s[i:])...)
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
