-- One row is an entry of a person into a stage, as agreed, as the CRM claims it, or both. Claims of one stage after
-- another are one entry. Until when it holds goes by the track it is on: of the agreed stages, else of the claims.
-- What follows after sales gave the person back is the next cycle.
with

claim_entries as (
    select * from {{ ref('int_agreement_claim_entries') }}
),

agreed_stages as (
    select * from {{ ref('int_agreement_stages') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

disqualification_reasons as (
    select * from {{ ref('disqualification_reasons') }}
),

ranked_claims as (
    select
        claim_entries.lead_key,
        claim_entries.stage,
        coalesce(lifecycle_stages.rank, 0) as stage_rank,
        coalesce(lifecycle_stages.is_exit, false) as is_exit,
        claim_entries.stage = 'recycled'
        or (claim_entries.stage = 'disqualified' and coalesce(disqualification_reasons.returns_to_marketing, false))
            as is_return,
        claim_entries.claimed_at
    from claim_entries
    left join lifecycle_stages
        on claim_entries.stage = lifecycle_stages.stage
    left join disqualification_reasons
        on {{ folded('claim_entries.reason') }} = {{ folded('disqualification_reasons.reason') }}
),

followers as (
    select
        *,
        lag(stage) over (partition by lead_key order by claimed_at, stage_rank, stage, is_return) as previous_stage
    from ranked_claims
),

claimed as (
    select
        lead_key,
        'claimed' as track,
        stage,
        stage_rank,
        is_exit,
        is_return,
        cast(null as string) as agreement_version,
        claimed_at as entered_at
    from followers
    where previous_stage is null or stage != previous_stage
),

agreed as (
    select
        agreed_stages.lead_key,
        'agreed' as track,
        agreed_stages.stage,
        lifecycle_stages.rank as stage_rank,
        lifecycle_stages.is_exit,
        false as is_return,
        agreed_stages.agreement_version,
        agreed_stages.reached_at as entered_at
    from agreed_stages
    inner join lifecycle_stages
        on agreed_stages.stage = lifecycle_stages.stage
    where not lifecycle_stages.is_exit
    union all
    -- the exits are what the CRM claims
    select
        lead_key,
        'agreed' as track,
        stage,
        stage_rank,
        is_exit,
        is_return,
        agreement_version,
        entered_at
    from claimed
    where is_exit
),

tracks as (
    select * from claimed
    union all
    select * from agreed
),

left_behind as (
    select
        *,
        lead(entered_at) over (partition by lead_key, track order by entered_at, stage_rank, stage) as left_at
    from tracks
),

entries as (
    select
        lead_key,
        stage,
        stage_rank,
        max(is_return) as is_return,
        max(track = 'agreed') as is_agreed,
        max(track = 'claimed') as is_claimed,
        max(agreement_version) as agreement_version,
        entered_at,
        case
            when max(track = 'agreed') then max(case when track = 'agreed' then left_at end)
            else max(left_at)
        end as left_at
    from left_behind
    group by lead_key, stage, stage_rank, entered_at
),

with_cycles as (
    select
        lead_key,
        1 + coalesce(sum(case when is_return then 1 else 0 end) over (
            partition by lead_key order by entered_at, stage_rank, stage
            rows between unbounded preceding and 1 preceding
        ), 0) as cycle_number,
        stage,
        is_agreed,
        is_claimed,
        agreement_version,
        entered_at,
        left_at
    from entries
)

select * from with_cycles
