// Package ec2 changes nothing.
package ec2

import (
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
)

type EC2 struct{}

type AttributeBooleanValue struct{ Value *bool }

type ModifyInstanceAttributeInput struct {
	InstanceId      *string
	SourceDestCheck *AttributeBooleanValue
}

type ModifyInstanceAttributeOutput struct{}

func New(*session.Session) *EC2 { return &EC2{} }

func (*EC2) ModifyInstanceAttribute(*ModifyInstanceAttributeInput) (*ModifyInstanceAttributeOutput, error) {
	return nil, aws.ErrAbsent
}
