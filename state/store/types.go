package store

import (
	"sync"

	"claimdeck/state/activity"
)

// typeNames remembers the numbers of the activity types, in both directions. The table is the truth: another
// process may add to it, and a number given in a transaction that failed is forgotten.
type typeNames struct {
	mu    sync.Mutex
	ids   map[activity.Type]int64
	names map[int64]activity.Type
}

func newTypeNames() *typeNames {
	return &typeNames{ids: make(map[activity.Type]int64), names: make(map[int64]activity.Type)}
}

func (t *typeNames) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.ids)
	clear(t.names)
}

func (t *typeNames) remember(id int64, name activity.Type) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ids[name], t.names[id] = id, name
}

// id returns the number of a type; zero when no activity of it was ever stored.
func (t *typeNames) id(c *conn, name activity.Type) (int64, error) {
	t.mu.Lock()
	id, ok := t.ids[name]
	t.mu.Unlock()
	if ok {
		return id, nil
	}
	id, found, err := c.prepare("SELECT id FROM types WHERE name = ?").text(string(name)).one()
	if err == nil && found {
		t.remember(id, name)
	}
	return id, err
}

// give returns the number of a type, giving it one if need be.
func (t *typeNames) give(c *conn, name activity.Type) (int64, error) {
	id, err := t.id(c, name)
	if err != nil || id != 0 {
		return id, err
	}
	if err := c.prepare("INSERT INTO types (name) VALUES (?)").text(string(name)).run(); err != nil {
		return 0, err
	}
	id = c.db.LastInsertRowID()
	t.remember(id, name)
	return id, nil
}

// name returns the type of a number.
func (t *typeNames) name(c *conn, id int64) (activity.Type, error) {
	t.mu.Lock()
	name, ok := t.names[id]
	t.mu.Unlock()
	if ok {
		return name, nil
	}
	st := c.prepare("SELECT name FROM types WHERE id = ?").int(id)
	if st.next() {
		name = activity.Type(st.s.ColumnText(0))
	}
	if err := st.done(); err != nil {
		return "", err
	}
	t.remember(id, name)
	return name, nil
}
