with

leads as (
    select * from {{ ref('int_journey_leads') }}
),

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

final as (
    select
        leads.lead_key,
        leads.account_key,

        leads.created_at,
        leads.source_system,
        leads.record_id as lead_id,
        coalesce(original_touches.channel, 'unattributed') as original_channel,
        original_touches.campaign_key as original_campaign_key,
        leads.self_reported_source,
        leads.industry,
        leads.country,

        lead_stages.stage,
        cast(1 as bigint) as cycle_number,
        lead_stages.lead_at,
        lead_stages.mql_at,
        lead_stages.sql_at,
        lead_stages.opportunity_at,
        lead_stages.customer_at,
        lead_stages.mql_at as first_mql_at,
        lead_stages.disqualified_at,
        cast(null as string) as disqualification_reason,
        lead_stages.recycled_at,

        lead_stages.crm_stage,
        lead_stages.crm_mql_at,
        lead_stages.crm_sql_at,
        coalesce(lead_stages.has_implied_stages, false) as has_implied_stages,
        lead_stages.agreement_version,
        leads.owner_name,
        leads.has_consent
    from leads
    left join lead_stages
        on leads.lead_key = lead_stages.lead_key
    left join original_touches
        on leads.lead_key = original_touches.lead_key
)

select * from final
