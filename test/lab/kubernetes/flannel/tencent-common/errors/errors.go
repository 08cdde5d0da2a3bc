// Package errors has the one error of that cloud that Flannel distinguishes.
package errors

type TencentCloudSDKError struct{}

func (*TencentCloudSDKError) Error() string { return "no such cloud" }
