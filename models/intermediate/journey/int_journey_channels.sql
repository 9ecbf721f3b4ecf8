-- One row is a way in which touches came, with its channel and the rule that gave it: the first rule in order whose
-- conditions all hold, the company's own before ours. Rules are few and ways are few, so each pattern is held against
-- each value once.
with

arrivals as (
    select distinct
        touch_type,
        {{ origin_of('source') }} as source,
        {{ origin_of('medium') }} as medium,
        {{ origin_of('campaign') }} as campaign
    from {{ ref('int_journey_arrivals') }}
),

sources as (
    select * from {{ ref('sources') }}
),

rules as (
    select
        0 as rank_of_owner,
        position,
        rule,
        channel,
        touch_type,
        source_category,
        source,
        medium,
        campaign
    from {{ ref('company_channel_rules') }}
    union all
    select
        1 as rank_of_owner,
        position,
        rule,
        channel,
        touch_type,
        source_category,
        source,
        medium,
        campaign
    from {{ ref('channel_rules') }}
),

patterns as (
    {%- for part in ['source', 'medium', 'campaign'] %}
    select distinct
        '{{ part }}' as part,
        {{ part }} as pattern
    from rules
    where {{ part }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

given as (
    {%- for part in ['source', 'medium', 'campaign'] %}
    select distinct
        '{{ part }}' as part,
        {{ part }} as value
    from arrivals
    where {{ part }} != ''
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

fitting as (
    select
        given.part,
        given.value,
        patterns.pattern
    from given
    inner join patterns
        on given.part = patterns.part and {{ fits('given.value', 'patterns.pattern') }}
),

categorized as (
    select
        arrivals.*,
        coalesce(sources.category, 'other') as source_category
    from arrivals
    left join sources
        on arrivals.source = sources.source
),

applied as (
    select
        categorized.touch_type,
        categorized.source,
        categorized.medium,
        categorized.campaign,
        categorized.source_category,
        rules.channel,
        rules.rule,
        row_number() over by_way as rule_number
    from categorized
    inner join rules
        on
            coalesce(rules.touch_type, categorized.touch_type) = categorized.touch_type
            and coalesce(rules.source_category, categorized.source_category) = categorized.source_category
    left join fitting as fitting_sources
        on
            fitting_sources.part = 'source'
            and categorized.source = fitting_sources.value
            and rules.source = fitting_sources.pattern
    left join fitting as fitting_media
        on
            fitting_media.part = 'medium'
            and categorized.medium = fitting_media.value
            and rules.medium = fitting_media.pattern
    left join fitting as fitting_campaigns
        on
            fitting_campaigns.part = 'campaign'
            and categorized.campaign = fitting_campaigns.value
            and rules.campaign = fitting_campaigns.pattern
    where
        (rules.source is null or fitting_sources.pattern is not null)
        and (rules.medium is null or fitting_media.pattern is not null)
        and (rules.campaign is null or fitting_campaigns.pattern is not null)
    window by_way as (
        partition by categorized.touch_type, categorized.source, categorized.medium, categorized.campaign
        order by rules.rank_of_owner, rules.position
    )
),

chosen as (
    select
        touch_type,
        source,
        medium,
        campaign,
        source_category,
        channel,
        rule
    from applied
    where rule_number = 1
)

select * from chosen
