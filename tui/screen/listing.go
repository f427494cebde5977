package screen

import (
	"github.com/dustin/go-humanize"

	"claimdeck/keymap"
)

// Mover is a list whose selection can be moved.
type Mover interface {
	Move(n int) bool
	Page(n int) bool
	Half(n int) bool
}

// MoveList performs the movements that all lists share; it returns false for any other action.
func MoveList(m Mover, id keymap.ID) bool {
	switch id {
	case keymap.ListDown:
		m.Move(1)
	case keymap.ListUp:
		m.Move(-1)
	case keymap.ListPageDown:
		m.Page(1)
	case keymap.ListPageUp:
		m.Page(-1)
	case keymap.ListHalfDown:
		m.Half(1)
	case keymap.ListHalfUp:
		m.Half(-1)
	default:
		return false
	}
	return true
}

// Count says a number with its thousands marked.
func Count(n int) string { return humanize.Comma(int64(n)) }

// FoundNote says what a filter found, or why it cannot be read.
func FoundNote(problem string, total int) string {
	switch {
	case problem != "":
		return problem
	case total < 0:
		return "counting"
	case total == 0:
		return "nothing matches"
	}
	return Count(total) + " found"
}
