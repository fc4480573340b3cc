package guard

import "cmp"

// Limits are what a document may have. Zero stands for the default.
type Limits struct {
	QueryBytes         int // of a document's text; 16 KiB
	Tokens             int // 2,000
	Depth              int // of fields within fields; 12
	IntrospectionDepth int // the same below __schema and __type: what GraphiQL asks has 15; 20
	Aliases            int // written in a document; 30
	RootFields         int // of an operation, fragments spread; 20
	Directives         int // written in a document; 30
	Repeats            int // of one response name in a document: validation compares them pairwise; 300
	Cost               int // of an operation; 10,000

	MaxPageSize int // no resolver answers a larger page, so none costs more; 0 is any size
	PageSize    int // elements of a list whose first has neither value nor default; 50
	ListSize    int // elements of a list that has no such argument and is not part of a page; 10
}

func (l Limits) withDefaults() Limits {
	l.QueryBytes = cmp.Or(l.QueryBytes, 16<<10)
	l.Tokens = cmp.Or(l.Tokens, 2000)
	l.Depth = cmp.Or(l.Depth, 12)
	l.IntrospectionDepth = cmp.Or(l.IntrospectionDepth, 20)
	l.Aliases = cmp.Or(l.Aliases, 30)
	l.RootFields = cmp.Or(l.RootFields, 20)
	l.Directives = cmp.Or(l.Directives, 30)
	l.Repeats = cmp.Or(l.Repeats, 300)
	l.Cost = cmp.Or(l.Cost, 10_000)
	l.PageSize = cmp.Or(l.PageSize, 50)
	l.ListSize = cmp.Or(l.ListSize, 10)
	return l
}
