package store

import (
	"encoding/binary"
	"errors"
	"math"
)

// The shape of the search index. Rows are grouped by arrival: 64 make a block, 128 blocks a segment. The index
// answers one question: which blocks of a segment may hold a row with this piece of text, or of this type?
//
// It is stored transposed: for each of the signature's bits one slice of 16 bytes, one bit a block. A search reads
// a few slices a segment instead of all signatures. 252 slices fill one page of the database. The index costs 16
// bytes a row, is written once when a segment is full, and can never be stale, because rows never change. When
// blocks happened is kept next to it, so that a search by time may stop early whatever the order of arrival.
const (
	blockRows     = 64
	segmentBlocks = 128
	segmentRows   = blockRows * segmentBlocks
	sliceBytes    = segmentBlocks / 8
	sliceGroup    = 252 // slices in one row of the table: 4032 bytes, one page
	sliceGroups   = 32
	signatureBits = sliceGroup * sliceGroups
)

// bounds is the first and last time (ms) of a block or a segment.
type bounds struct{ first, last int64 }

var noBounds = bounds{first: math.MaxInt64, last: math.MinInt64}

func (b bounds) with(other bounds) bounds {
	return bounds{first: min(b.first, other.first), last: max(b.last, other.last)}
}

// segment is the head of a segment: when its blocks happened.
type segment struct {
	id     int64
	sealed bool
	all    bounds   // of the whole segment
	blocks []bounds // as many as have rows; read when needed
}

// segmentOf returns the segment and the block of a row; seq starts at 1.
func segmentOf(seq int64) (id int64, block int) {
	return (seq - 1) / segmentRows, int((seq - 1) % segmentRows / blockRows)
}

func (g *segment) encode() []byte {
	b := make([]byte, 0, len(g.blocks)*16)
	for _, t := range g.blocks {
		b = binary.LittleEndian.AppendUint64(b, uint64(t.first)) //nolint:gosec // the bits of a time, read back as they are
		b = binary.LittleEndian.AppendUint64(b, uint64(t.last))  //nolint:gosec // as above
	}
	return b
}

func (g *segment) decode(raw []byte) {
	g.blocks = g.blocks[:0]
	for ; len(raw) >= 16; raw = raw[16:] {
		g.blocks = append(g.blocks, bounds{
			first: int64(binary.LittleEndian.Uint64(raw)),     //nolint:gosec // as written by encode
			last:  int64(binary.LittleEndian.Uint64(raw[8:])), //nolint:gosec // as above
		})
	}
}

// segmentWriter keeps the heads of the segments in step with the rows of one transaction.
type segmentWriter struct {
	open  *segment
	dirty bool
}

// add notes a new row; rows come in the order of seq.
func (w *segmentWriter) add(c *conn, seq, ms int64) error {
	id, block := segmentOf(seq)
	if w.open == nil || w.open.id != id {
		if err := w.flush(c); err != nil {
			return err
		}
		w.open = &segment{id: id}
		if err := w.open.load(c); err != nil {
			return err
		}
	}
	if block == len(w.open.blocks) {
		w.open.blocks = append(w.open.blocks, noBounds)
	}
	if block >= len(w.open.blocks) {
		return errors.New("the numbers of arrival have a hole; restore the database from a backup")
	}
	w.open.blocks[block] = w.open.blocks[block].with(bounds{ms, ms})
	w.dirty = true
	if seq%segmentRows == 0 {
		w.open.sealed = true
		return seal(c, w.open.id)
	}
	return nil
}

func (w *segmentWriter) flush(c *conn) error {
	if !w.dirty {
		return nil
	}
	w.dirty = false
	all := noBounds
	for _, t := range w.open.blocks {
		all = all.with(t)
	}
	return c.prepare("INSERT OR REPLACE INTO segments (id, sealed, first_ms, last_ms, bounds) VALUES (?, ?, ?, ?, ?)").
		int(w.open.id).bool(w.open.sealed).int(all.first).int(all.last).blob(w.open.encode()).run()
}

func (g *segment) load(c *conn) error {
	st := c.prepare("SELECT sealed, bounds FROM segments WHERE id = ?").int(g.id)
	if st.next() {
		g.sealed = st.s.ColumnBool(0)
		g.decode(st.s.ColumnRawBlob(1))
	}
	return st.done()
}

// segments returns the heads of all segments, without their blocks.
func segments(c *conn) ([]segment, error) {
	var list []segment
	st := c.prepare("SELECT id, sealed, first_ms, last_ms FROM segments")
	for st.next() {
		list = append(list, segment{
			id: st.s.ColumnInt64(0), sealed: st.s.ColumnBool(1),
			all: bounds{first: st.s.ColumnInt64(2), last: st.s.ColumnInt64(3)},
		})
	}
	return list, st.done()
}

// seal writes the slices of a full segment.
func seal(c *conn, id int64) error {
	slices := make([]byte, signatureBits*sliceBytes)
	st := c.prepare("SELECT seq, type, number, summary FROM activities WHERE seq BETWEEN ? AND ?").
		int(id*segmentRows + 1).int((id + 1) * segmentRows)
	var text []byte
	for st.next() {
		_, block := segmentOf(st.s.ColumnInt64(0))
		at, bit := block/8, byte(1)<<(block%8)
		slices[typeGram(st.s.ColumnInt64(1))*sliceBytes+at] |= bit
		text = searchText(text[:0], st.s.ColumnRawText(2), st.s.ColumnRawText(3))
		for i := range text {
			for n := 2; n <= maxGram && i+n <= len(text); n++ {
				slices[gram(text[i:i+n])*sliceBytes+at] |= bit
			}
		}
	}
	if err := st.done(); err != nil {
		return err
	}
	for group := range sliceGroups {
		part := slices[group*sliceGroup*sliceBytes:][:sliceGroup*sliceBytes]
		err := c.prepare("INSERT INTO slices (id, bits) VALUES (?, ?)").int(id*sliceGroups + int64(group)).blob(part).run()
		if err != nil {
			return err
		}
	}
	return nil
}

// blockSet is a set of the blocks of one segment.
type blockSet [2]uint64

var allBlocks = blockSet{math.MaxUint64, math.MaxUint64}

func (b blockSet) has(block int) bool      { return b[block/64]&(1<<(block%64)) != 0 }
func (b blockSet) empty() bool             { return b[0]|b[1] == 0 }
func (b blockSet) and(o blockSet) blockSet { return blockSet{b[0] & o[0], b[1] & o[1]} }
func (b blockSet) or(o blockSet) blockSet  { return blockSet{b[0] | o[0], b[1] | o[1]} }

// readSlice returns the blocks of a sealed segment whose signature has a bit.
func readSlice(c *conn, id int64, bit int) (blockSet, error) {
	st := c.prepare("SELECT bits FROM slices WHERE id = ?").int(id*sliceGroups + int64(bit/sliceGroup))
	set := allBlocks
	if st.next() {
		if raw := st.s.ColumnRawBlob(0); len(raw) == sliceGroup*sliceBytes {
			raw = raw[bit%sliceGroup*sliceBytes:]
			set = blockSet{binary.LittleEndian.Uint64(raw), binary.LittleEndian.Uint64(raw[8:])}
		}
	}
	return set, st.done()
}
