// Alert rules of the example plan's application, deployed beside the application and not with Switchover:
//
//   az deployment group create --resource-group cafe-monitoring \
//     --template-file infra/examples/websphere-cafe-alerts.bicep --parameters actionGroupId=… componentId=…
//
// plans/websphere-cafe.yaml listens for them by their names.

@description('Switchover\'s action group for signals: SWITCHOVER_ALERT_ACTION_GROUP_ID of its deployment.')
param actionGroupId string

@description('Application Insights of the application, in neither of its regions.')
param componentId string

@description('Region of that component.')
param location string = resourceGroup().location

param profileId string = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe'
param publicUrl string = 'http://websphere-cafe.trafficmanager.net/websphere-cafe/'

@description('SQL servers of both sites.')
param servers array = [
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-east'
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-west'
]

var endpoints = [
  {
    rule: 'cafe-primary-endpoint-down'
    endpoint: 'myPrimaryEndpoint'
  }
  {
    rule: 'cafe-failover-endpoint-down'
    endpoint: 'myFailoverEndpoint'
  }
]

// 1 while the endpoint is online. A disabled endpoint reports nothing, and so the one at rest does not fire.
resource endpointDown 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for one in endpoints: {
    name: one.rule
    location: 'global'
    properties: {
      description: 'Traffic Manager finds ${one.endpoint} down.'
      severity: 1
      enabled: true
      scopes: [profileId]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT1M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'online'
            metricNamespace: 'Microsoft.Network/trafficManagerProfiles'
            metricName: 'ProbeAgentCurrentEndpointStateByProfileResourceId'
            dimensions: [
              {
                name: 'EndpointName'
                operator: 'Include'
                values: [one.endpoint]
              }
            ]
            operator: 'LessThan'
            threshold: 1
            timeAggregation: 'Maximum'
          }
        ]
      }
      actions: [
        {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
]

// Through the public name, as users do, from five places.
resource webTest 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'cafe-public'
  location: location
  kind: 'standard'
  tags: {
    // The portal finds the component by this tag, and without it the test runs unseen.
    'hidden-link:${componentId}': 'Resource'
  }
  properties: {
    Name: 'cafe-public'
    SyntheticMonitorId: 'cafe-public'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      {
        Id: 'us-va-ash-azr'
      }
      {
        Id: 'us-fl-mia-edge'
      }
      {
        Id: 'emea-nl-ams-azr'
      }
      {
        Id: 'emea-gb-db3-azr'
      }
      {
        Id: 'apac-jp-kaw-edge'
      }
    ]
    Request: {
      RequestUrl: publicUrl
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
    }
  }
}

resource unavailable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'cafe-unavailable'
  location: 'global'
  properties: {
    description: 'The café does not answer through its public name, asked from at least two places.'
    severity: 1
    enabled: true
    scopes: [webTest.id, componentId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: webTest.id
      componentId: componentId
      failedLocationCount: 2
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

// Failover groups have no metric and no health of their own; their databases have health.
resource databaseHealth 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: 'cafe-database-health'
  location: 'global'
  properties: {
    description: 'Azure says that a database of the café is not available.'
    enabled: true
    scopes: servers
    condition: {
      allOf: [
        {
          field: 'category'
          equals: 'ResourceHealth'
        }
        {
          anyOf: [
            {
              field: 'properties.currentHealthStatus'
              equals: 'Unavailable'
            }
            {
              field: 'properties.currentHealthStatus'
              equals: 'Degraded'
            }
          ]
        }
      ]
    }
    actions: {
      actionGroups: [
        {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
}
