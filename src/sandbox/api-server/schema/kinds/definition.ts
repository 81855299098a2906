export const definitionMessages = `
CustomResourceDefinition
1 metadata ObjectMeta | What every object has.
2 spec CustomResourceDefinitionSpec! | What the new kind is.
3 status CustomResourceDefinitionStatus | What was found.

CustomResourceDefinitionSpec
1 group string! | The group of the new kind.
3 names CustomResourceDefinitionNames! | What it is called.
4 scope string! go=ResourceScope | Cluster or Namespaced.
7 versions []CustomResourceDefinitionVersion! | Its versions.
9 conversion CustomResourceConversion?
10 preserveUnknownFields bool

CustomResourceDefinitionNames
1 plural string! | What paths call it.
2 singular string | What one of it is called.
3 shortNames []string | What people call it.
4 kind string! | What objects call it.
5 listKind string | What lists of it call themselves.
6 categories []string | Groups of kinds that kubectl lists together.

CustomResourceDefinitionVersion
1 name string! | The name of the version.
2 served bool! | Whether it is served.
3 storage bool! | Whether objects are stored in it.
7 deprecated bool
8 deprecationWarning string?
4 schema Anything?
5 subresources CustomResourceSubresources?
6 additionalPrinterColumns []CustomResourceColumnDefinition | What kubectl get prints.
9 selectableFields []SelectableField

CustomResourceColumnDefinition
1 name string! | The heading.
2 type string! | The type of what stands below it.
3 format string
4 description string | What it says.
5 priority int32 | Above zero: only with -o wide.
6 jsonPath string! | Where the value is found.

CustomResourceSubresources
1 status Anything?
2 scale Anything?

CustomResourceConversion
1 strategy string! go=ConversionStrategyType
2 webhook Anything?

SelectableField
1 jsonPath string!

CustomResourceDefinitionStatus
1 conditions []CustomResourceDefinitionCondition! keys=type
2 acceptedNames CustomResourceDefinitionNames!
3 storedVersions []string!
4 observedGeneration int64

CustomResourceDefinitionCondition
1 type string! go=CustomResourceDefinitionConditionType
2 status string! go=ConditionStatus
3 lastTransitionTime time always
4 reason string
5 message string
6 observedGeneration int64
`
