//go:build !windows

package terminal

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Modes is what a stream of output has done to a terminal: what a shell would find when the program has ended.
type Modes struct {
	Private     map[int]bool // DEC private modes that were set (true) or reset (false)
	Keyboard    [2]int       // entries on the Kitty keyboard stack of the main and of the alternate screen
	OtherKeys   int          // modifyOtherKeys of xterm; 0: off
	CursorStyle int          // DECSCUSR; 0: the terminal's own
	Styled      bool         // text would be printed with a style
	Margins     bool         // a scroll region is set
	Title       string
	OnMain      string // printed text by screen, without control sequences
	OnAlternate string
	Sequences   []Sequence // all of them, in order
}

// Sequence is one control sequence.
type Sequence struct {
	Bytes string
	Kind  byte // '[' CSI, ']' OSC, 'P' DCS, '_' APC, '^' PM, 'X' SOS, 0 any other escape sequence
}

// The private modes of the alternate screen.
const (
	altScreen      = 47
	altScreenClear = 1047
	altScreenSave  = 1049
)

// Alternate reports whether the terminal is on the alternate screen.
func (m *Modes) Alternate() bool {
	return m.Private[altScreen] || m.Private[altScreenClear] || m.Private[altScreenSave]
}

// ReadModes replays output.
func ReadModes(output []byte) *Modes {
	m := &Modes{Private: map[int]bool{}}
	var main, alternate strings.Builder
	p := ansi.NewParser()
	state := byte(0)
	for len(output) > 0 {
		seq, _, n, next := ansi.DecodeSequence(output, state, p)
		state, output = next, output[n:]
		if len(seq) > 1 && (seq[0] == ansi.ESC || isC1(seq)) {
			m.apply(string(seq), p)
			continue
		}
		if m.Alternate() {
			alternate.Write(seq)
		} else {
			main.Write(seq)
		}
	}
	m.OnMain, m.OnAlternate = main.String(), alternate.String()
	return m
}

// isC1 reports whether a sequence begins with an 8-bit control character, alone or as UTF-8.
func isC1(seq []byte) bool {
	return seq[0] >= 0x80 && seq[0] <= 0x9f || len(seq) > 1 && seq[0] == 0xc2 && seq[1] >= 0x80 && seq[1] <= 0x9f
}

func (m *Modes) apply(seq string, p *ansi.Parser) {
	s := Sequence{Bytes: seq}
	if strings.IndexByte("[]P_^X", seq[1]) >= 0 {
		s.Kind = seq[1]
	}
	m.Sequences = append(m.Sequences, s)
	switch s.Kind {
	case '[':
		m.csi(ansi.Cmd(p.Command()), p)
	case ']':
		if text, ok := strings.CutPrefix(string(p.Data()), "2;"); ok {
			m.Title = text
		} else if text, ok := strings.CutPrefix(string(p.Data()), "0;"); ok {
			m.Title = text
		}
	}
}

func (m *Modes) csi(cmd ansi.Cmd, p *ansi.Parser) {
	first, _ := p.Param(0, 0)
	switch prefix, final := cmd.Prefix(), cmd.Final(); {
	case prefix == '?' && cmd.Intermediate() == 0 && (final == 'h' || final == 'l'):
		for i := range p.Params() {
			mode, _ := p.Param(i, 0)
			m.Private[mode] = final == 'h'
		}
	case final == 'u':
		m.keyboard(prefix, p)
	case prefix == '>' && final == 'm' && first == modifyOtherKeys:
		m.OtherKeys, _ = p.Param(1, 0)
	case prefix == 0:
		m.plainCSI(cmd, first, p)
	}
}

// modifyOtherKeys is the resource of XTMODKEYS that is followed here.
const modifyOtherKeys = 4

// plainCSI applies the sequences without a private prefix.
func (m *Modes) plainCSI(cmd ansi.Cmd, first int, p *ansi.Parser) {
	switch {
	case cmd.Intermediate() == ' ' && cmd.Final() == 'q':
		m.CursorStyle = first
	case cmd.Final() == 'm':
		last, _ := p.Param(max(0, len(p.Params())-1), 0)
		m.Styled = last != 0
	case cmd.Final() == 'r':
		m.Margins = first != 0
	}
}

// keyboard follows the Kitty keyboard protocol, which has a stack for each screen.
func (m *Modes) keyboard(prefix byte, p *ansi.Parser) {
	stack := &m.Keyboard[0]
	if m.Alternate() {
		stack = &m.Keyboard[1]
	}
	switch prefix {
	case '>':
		*stack++
	case '<':
		n, _ := p.Param(0, 1)
		*stack = max(0, *stack-max(1, n))
	}
}
