// A network of the app's own: it reaches its stores by private endpoints, and the world (Azure, the applications) as
// before. The app itself stays reachable, behind sign-in: Azure Monitor calls it from outside.

param location string
param tags object
param name string
param endpointPrefix string
param hostAccountId string
param recordsAccountId string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.0.0.0/16']
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.1.0/24'
          delegations: [
            {
              // What Flex Consumption runs on.
              name: 'Microsoft.App.environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.0.2.0/24'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

var stores = [
  {
    name: 'host-blob'
    account: hostAccountId
    service: 'blob'
  }
  {
    name: 'host-queue'
    account: hostAccountId
    service: 'queue'
  }
  {
    name: 'host-table'
    account: hostAccountId
    service: 'table'
  }
  {
    name: 'records-blob'
    account: recordsAccountId
    service: 'blob'
  }
  {
    name: 'records-table'
    account: recordsAccountId
    service: 'table'
  }
]

var services = ['blob', 'queue', 'table']

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in services: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in services: {
    parent: zone[index]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for store in stores: {
    name: '${endpointPrefix}${store.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: '${network.id}/subnets/endpoints'
      }
      privateLinkServiceConnections: [
        {
          name: store.name
          properties: {
            privateLinkServiceId: store.account
            groupIds: [store.service]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (store, index) in stores: {
    parent: endpoint[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: store.service
          properties: {
            privateDnsZoneId: zone[indexOf(services, store.service)].id
          }
        }
      ]
    }
  }
]

output appSubnetId string = '${network.id}/subnets/app'
