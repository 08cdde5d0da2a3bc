// Package common has what Flannel calls of a cloud that these tests do not have.
package common

func StringPtr(v string) *string { return &v }

func StringPtrs(values []string) []*string {
	pointers := make([]*string, len(values))
	for i := range values {
		pointers[i] = &values[i]
	}
	return pointers
}

func BoolPtr(v bool) *bool { return &v }
