package store

import (
	"context"

	"claimdeck/state/query"
)

// arrivedScan is how many rows are looked at for each page of Arrived.
const arrivedScan = 4096

// Arrived returns the rows of a filter that arrived in this store after a sequence number, in the order of arrival,
// at most limit. It is for those who must not miss what was committed late: the order of the feed would place such
// rows among older ones.
func (s *Store) Arrived(ctx context.Context, f query.Filter, after int64, limit int) ([]Row, error) {
	var rows []Row
	err := s.read(ctx, "read what arrived", func(c *conn) error {
		p, err := s.newPlan(c, f)
		if err != nil || p.none {
			return err
		}
		var list []scanned
		for len(list) < limit {
			seen := 0
			st := c.prepare("SELECT " + scanColumns + " FROM activities WHERE seq > ? ORDER BY seq LIMIT ?").int(after).int(arrivedScan)
			for st.next() {
				seen++
				after = st.s.ColumnInt64(0)
				if len(list) < limit && p.matches(st) {
					list = append(list, scannedRow(st, position(st)))
				}
				if len(list) == limit {
					break
				}
			}
			if err := st.done(); err != nil {
				return err
			}
			if seen < arrivedScan {
				break
			}
		}
		rows, err = s.finish(c, list)
		return err
	})
	return rows, err
}
