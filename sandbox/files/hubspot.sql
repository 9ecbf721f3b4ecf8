-- HubSpot, exported by its own tool: every person is a contact, times are the account's (Jakarta).
create macro hubspot_stage(stage) as (
    case stage
        when 'mql' then 'Marketing Qualified Lead' when 'sql' then 'Sales Qualified Lead'
        when 'opportunity' then 'Opportunity' when 'customer' then 'Customer' when 'disqualified' then 'Unqualified'
        when 'recycled' then 'Back to Nurture' when 'on hold' then 'On Hold' else 'Lead'
    end
);

copy (
    with

    contacts as (
        select
            record_id as "Record ID",
            local_text(created_at) as "Create Date",
            email as "Email",
            phone as "Phone Number",
            name as "Full Name",
            account_id as "Associated Company ID",
            company as "Company Name",
            industry as "Industry",
            country as "Country/Region",
            employee_count as "Number of Employees",
            case channel
                when 'organic_search' then 'Organic Search' when 'paid_search' then 'Paid Search'
                when 'paid_social' then 'Paid Social' when 'paid_video' then 'Paid Video'
                when 'organic_social' then 'Organic Social' when 'ai_assistant' then 'AI Referrals'
                when 'referral' then 'Referrals' when 'direct' then 'Direct Traffic'
                when 'email' then 'Email Marketing' when 'offline_event' then 'Event'
                when 'whatsapp' then 'WhatsApp' when 'partner' then 'Partner Referral'
            end as "Original Source",
            campaign as "Original Source Drill-Down 1",
            browser as "GA Client ID",
            self_reported_source as "How did you hear about us?",
            hubspot_stage(stage) as "Lifecycle Stage",
            owner as "Contact owner",
            has_consent as "Marketing consent",
            local_text(updated_at) as "Last Modified Date",
            merged_into as "Merged into",
            is_deleted as "Archived",
            attributes as "Custom properties"
        from known_records
        where crm = 'hubspot'
    )

    from contacts
    union all by name
    -- what no export should have and some do: one row twice, and rows without a date or an id
    select *
    from contacts
    where "Record ID" = (select min("Record ID") from contacts)
    union all by name
    select
        printf('299999%03d', n) as "Record ID",
        'kemarin sore' as "Create Date",
        'Tanpa Tanggal' as "Full Name"
    from range(3) as numbers (n)
    union all by name
    select
        null as "Record ID",
        '2026-10-01 09:00:00' as "Create Date",
        'Tanpa Nomor' as "Full Name"
    from range(2) as numbers (n)
    order by "Record ID", "Full Name"
) to (file_in('hubspot/contacts.csv')) (header);

copy (
    select
        record_id as "vid",
        hubspot_stage(stage) as "lifecyclestage",
        local_text(entered_at) as "timestamp",
        changed_by as "sourceLabel",
        reason as "disqualification_reason"
    from known_claims
    where crm = 'hubspot'
    order by record_id, entered_at, stage
) to (file_in('hubspot/lifecycle_history.jsonl')) (format json);

copy (
    select
        record_id as "vid",
        case field
            when 'employee_count' then 'numberofemployees' when 'owner' then 'hubspot_owner' else 'annual_budget'
        end as "property",
        value,
        local_text(entered_at) as "timestamp"
    from known_values
    where crm = 'hubspot'
    order by all
) to (file_in('hubspot/property_history.csv')) (header);

copy (
    select
        account_id as "Record ID",
        company as "Company name",
        domain as "Company Domain Name",
        industry as "Industry",
        employee_count as "Number of Employees",
        country as "Country/Region",
        owner as "Company owner"
    from known_accounts
    where crm = 'hubspot'
    order by account_id
) to (file_in('hubspot/companies.csv')) (header);

copy (
    select
        deal_id as "Record ID",
        account_id as "Associated Company ID",
        name as "Deal Name",
        amount as "Amount",
        currency as "Currency",
        stage as "Deal Stage",
        local_text(created_at) as "Create Date",
        local_text(closed_at) as "Close Date",
        is_won as "Is Closed Won",
        is_closed as "Is Deal Closed",
        lost_reason as "Closed Lost Reason",
        owner as "Deal owner",
        product as "Product",
        local_text(updated_at) as "Last Modified Date",
        is_deleted as "Archived"
    from known_deals
    where crm = 'hubspot'
    order by deal_id
) to (file_in('hubspot/deals.csv')) (header);

copy (
    select
        deal_states.deal_id as "dealId",
        deal_states.stage as "dealstage",
        local_text(deal_states.entered_at) as "timestamp",
        deal_states.amount
    from deal_states
    inner join known_deals
        on deal_states.deal_id = known_deals.deal_id
    where known_deals.crm = 'hubspot' and is_past(deal_states.entered_at)
    order by deal_states.deal_id, deal_states.step
) to (file_in('hubspot/deal_stage_history.jsonl')) (format json);

copy (
    select
        deal_id as "fromObjectId",
        record_id as "toObjectId",
        role as "associationLabel",
        is_primary as "isPrimary"
    from known_deal_people
    where crm = 'hubspot'
    order by deal_id, record_id
) to (file_in('hubspot/deal_associations.csv')) (header);

copy (
    select
        activity_id as "engagementId",
        record_id as "contactId",
        type,
        direction,
        outcome as disposition,
        owner,
        local_text(talked_at) as "timestamp",
        is_automatic as automated,
        tags
    from known_talk
    where crm = 'hubspot'
    order by activity_id
) to (file_in('hubspot/engagements.jsonl')) (format json);

copy (
    select
        order_id as "invoiceId",
        deal_id as "dealId",
        amount,
        currency,
        local_text(ordered_at) as "createdate",
        refunded_amount as "refunded",
        local_text(refunded_at) as "refundedate"
    from known_invoices
    where crm = 'hubspot'
    order by order_id
) to (file_in('hubspot/invoices.csv')) (header);

copy (
    select
        owner_id as "ownerId",
        owner as "name",
        'sales' as "team",
        owner != 'Agus Setiawan' as "active"
    from sellers
    where crm = 'hubspot'
    union all
    values ('71200001', 'Sari Anggraini', 'marketing', true), ('71200002', 'Yoga Pratama', 'marketing', true)
    order by all
) to (file_in('hubspot/owners.csv')) (header);
