// Who hears of what. The `signals` action group is for the applications' alert rules: it tells Switchover, which decides
// with everything else that it sees. The `operators` group is for trouble with Switchover itself, and tells people.

param location string
param tags object
param actionGroupPrefix string
param workspaceId string
param appUri string
param signInClientId string
param signInObjectId string

@description('Addresses, separated by commas.')
param operatorEmails string

var emails = filter(map(split(operatorEmails, ','), address => trim(address)), address => !empty(address))
var isSecured = !empty(signInClientId) && !empty(signInObjectId)

resource signals 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${actionGroupPrefix}switchover-signals'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'switchover'
    // Azure Monitor signs in with a token for this app; the alerts door takes the common schema only.
    webhookReceivers: isSecured
      ? [
          {
            name: 'switchover'
            serviceUri: '${appUri}/api/alerts'
            useCommonAlertSchema: true
            useAadAuth: true
            objectId: signInObjectId
            identifierUri: 'api://${signInClientId}'
            tenantId: tenant().tenantId
          }
        ]
      : []
  }
}

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${actionGroupPrefix}switchover-operators'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'switch-ops'
    emailReceivers: [
      for (address, index) in emails: {
        name: 'operator-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

var rules = [
  {
    name: 'switchover-watch-silent'
    description: 'The watch has not run for ten minutes: nothing is watched and nothing would be started.'
    query: loadTextContent('../queries/watch-ran.kql')
    severity: 1
    window: 'PT10M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'switchover-execution-waits'
    description: 'An execution stands still until somebody gives an order or agrees.'
    query: loadTextContent('../queries/execution-waits.kql')
    severity: 1
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'switchover-readiness-critical'
    description: 'The other site of a plan could not take over now.'
    query: loadTextContent('../queries/readiness-critical.kql')
    severity: 2
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'switchover-drill-overdue'
    description: 'A drill should have been and was not.'
    query: loadTextContent('../queries/drill-overdue.kql')
    severity: 3
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for one in rules: {
    name: one.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: one.name
      description: one.description
      enabled: true
      severity: one.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: one.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: one.query
            timeAggregation: 'Count'
            operator: one.operator
            threshold: one.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [operators.id]
      }
    }
  }
]

output signalsActionGroupId string = signals.id
