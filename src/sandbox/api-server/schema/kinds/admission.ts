export const admissionMessages = `
ValidatingAdmissionPolicy
1 metadata ObjectMeta
2 spec ValidatingAdmissionPolicySpec
3 status ValidatingAdmissionPolicyStatus

ValidatingAdmissionPolicySpec
1 paramKind ParamKind?
2 matchConstraints MatchResources?
3 validations []Validation
4 failurePolicy string? go=FailurePolicyType
5 auditAnnotations []AuditAnnotation
6 matchConditions []MatchCondition key=name
7 variables []Variable key=name

ParamKind atomic
1 apiVersion string
2 kind string

MatchResources atomic
1 namespaceSelector LabelSelector?
2 objectSelector LabelSelector?
3 resourceRules []NamedRuleWithOperations
4 excludeResourceRules []NamedRuleWithOperations
7 matchPolicy string? go=MatchPolicyType

NamedRuleWithOperations atomic
1 resourceNames []string
1 operations []string go=OperationType
1 apiGroups []string
2 apiVersions []string
3 resources []string
4 scope string? go=ScopeType

Validation
1 expression string!
2 message string
3 reason string? go=StatusReason
4 messageExpression string

AuditAnnotation
1 key string!
2 valueExpression string!

MatchCondition
1 name string!
2 expression string!

Variable atomic
1 name string!
2 expression string!

ValidatingAdmissionPolicyStatus
1 observedGeneration int64
2 typeChecking TypeChecking?
3 conditions []Condition keys=type

TypeChecking
1 expressionWarnings []ExpressionWarning

ExpressionWarning
2 fieldRef string!
3 warning string!

ValidatingAdmissionPolicyBinding
1 metadata ObjectMeta
2 spec ValidatingAdmissionPolicyBindingSpec

ValidatingAdmissionPolicyBindingSpec
1 policyName string
2 paramRef ParamRef?
3 matchResources MatchResources?
4 validationActions []string set go=ValidationAction

ParamRef atomic
1 name string
2 namespace string
3 selector LabelSelector?
4 parameterNotFoundAction string? go=ParameterNotFoundActionType
`
